// The health of MongoDB: it can be written to. The first time, it makes the
// replica set of one member that writes with a majority need.
const motDePasse = require('node:fs').readFileSync('/run/secrets/mongo_racine', 'utf8').trim()
const admin = connect('mongodb://127.0.0.1:27017/admin?directConnection=true&serverSelectionTimeoutMS=5000')
admin.auth('racine', motDePasse)
try {
  admin.adminCommand({ replSetGetStatus: 1 })
} catch (e) {
  if (e.codeName !== 'NotYetInitialized') throw e
  admin.adminCommand({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: 'mongo:27017' }] } })
}
quit(admin.hello().isWritablePrimary ? 0 : 1)
