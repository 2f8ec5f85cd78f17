// Small comforts of forms: characters counted as they are typed, a choice that
// is made by filling in what goes with it.

/** Counts the characters of fields that have a limit, in words below them. */
function compter(champ: HTMLTextAreaElement): void {
  const max = Number(champ.dataset.max)
  const ligne = document.getElementById(`compte-${champ.name}`)
  if (!ligne) return
  const dire = () => {
    const n = Array.from(champ.value.trim()).length
    ligne.textContent = n > max ? `${n} caractères : retirez-en ${n - max}, il en faut ${max} au plus.` : `${n} caractères sur ${max} au plus.`
    ligne.classList.toggle('faute', n > max)
  }
  champ.addEventListener('input', dire)
  dire()
}

/** Checks a radio button when what belongs to it is filled in, and empties that when another is chosen. */
function lier(bloc: HTMLElement): void {
  const choix = document.getElementById(bloc.dataset.coche || '')
  if (!(choix instanceof HTMLInputElement) || !choix.form) return
  bloc.addEventListener('input', () => (choix.checked = true))
  choix.form.addEventListener('change', (e) => {
    if (!(e.target instanceof HTMLInputElement) || e.target.name !== choix.name || choix.checked) return
    for (const champ of Array.from(bloc.querySelectorAll('input'))) champ.value = ''
  })
}

/** Adds the comforts to the forms of the page. */
export function installChamps(racine: ParentNode): void {
  racine.querySelectorAll<HTMLTextAreaElement>('textarea[data-max]').forEach(compter)
  racine.querySelectorAll<HTMLElement>('[data-coche]').forEach(lier)
}
