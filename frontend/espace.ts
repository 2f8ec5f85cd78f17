// The script of the pages where people keep places true: comfort only, each
// works without it.
import { installBrouillons } from './brouillons'
import { installHoraires } from './pages/espace-horaires/espace-horaires'

installBrouillons(document)
installHoraires(document)
