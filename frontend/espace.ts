// The script of the pages where people keep places true: comfort only, each
// works without it.
import { installBrouillons } from './brouillons'
import { installChamps } from './champs'
import { installHoraires } from './pages/espace-horaires/espace-horaires'

installBrouillons(document)
installChamps(document)
installHoraires(document)
