// Decides, from what the tiles do, whether the map keeps them. Apart from the
// map so that it can be checked without one.

export type Verdict = 'attendre' | 'garder' | 'retirer'

/** Milliseconds given to the first tile. */
export const DELAI_TUILES = 4000
/** Failures borne before the first tile, and in a row after it. */
const ECHECS_AVANT = 2
const ECHECS_APRES = 6

/** Follows one tile layer. Once "retirer" is said, nothing changes it: no second try, no storm of requests. */
export class Suivi {
  private chargees = 0
  private echecs = 0
  private retire = false

  chargee(): Verdict {
    this.chargees++
    this.echecs = 0
    return this.verdict()
  }

  echouee(): Verdict {
    this.echecs++
    if (this.echecs >= (this.chargees > 0 ? ECHECS_APRES : ECHECS_AVANT)) this.retire = true
    return this.verdict()
  }

  /** The time given to the first tile is over. */
  delaiPasse(): Verdict {
    if (this.chargees === 0) this.retire = true
    return this.verdict()
  }

  verdict(): Verdict {
    if (this.retire) return 'retirer'
    return this.chargees > 0 ? 'garder' : 'attendre'
  }
}
