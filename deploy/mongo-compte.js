// Runs once, when the volume is empty: the account of the service, which may do
// what it likes with its own database and nothing with the others.
const motDePasse = require('node:fs').readFileSync('/run/secrets/mongo_mot_de_passe', 'utf8').trim()
db.getSiblingDB('adeuxpas').createUser({
  user: 'adeuxpas',
  pwd: motDePasse,
  roles: [
    { role: 'readWrite', db: 'adeuxpas' },
    { role: 'dbAdmin', db: 'adeuxpas' }, // migrations set validators (collMod)
  ],
})
