// The script of every page: it only adds comfort to pages that work without it.
import { installAppels } from './appels'
import { installAutour } from './autour'
import { installCarte } from './carte'
import { installCompletion } from './completion'
import { installEncart } from './embarque'
import { installGestes } from './gestes'

installAppels(document)
installAutour(document)
installCompletion(document)
installGestes(document)
installCarte(document)
installEncart(document)
