/** `npm run dev`: the workstation against the real vendors, for someone who has real accounts. */
import { join } from 'node:path'
import { openForPerson } from './app-command.ts'
import { ensureBuilt } from './build.ts'
import { chooseHost, describeHost, hasDisplay, root } from './host.ts'

const host = await chooseHost({ fetchElectron: true })
console.log(describeHost(host))
if (!hasDisplay()) {
  console.log(
    'There is no display here, and signing in to a real vendor needs a person at a window. Try npm start or npm run demo.',
  )
  process.exit(1)
}
ensureBuilt()
const profile = join(root, 'out', 'dev', 'profile')
console.log(`Accounts and data of this run are kept in ${profile}`)
process.exit(await openForPerson(host, profile, null))
