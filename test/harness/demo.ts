/**
 * `npm run demo`: the main job, unattended. Exits 0 only if all of it worked; the last line is one JSON object.
 * `npm run demo -- --all`: the same with every vendor there is.
 */
import { rmSync } from 'node:fs'
import { startSandbox } from '../sandbox/sandbox.ts'
import { ensureBuilt } from './build.ts'
import { demoOfAll } from './demo-all.ts'
import { demoOfSix } from './demo-six.ts'
import { folder } from './demo-stage.ts'
import { chooseHost, describeHost } from './host.ts'

const all = process.argv.includes('--all')
rmSync(folder, { recursive: true, force: true })
const host = await chooseHost({ fetchElectron: false })
console.log(describeHost(host))
ensureBuilt()
const sandbox = await startSandbox({ perShare: all ? 60 : 222 })
try {
  await (all ? demoOfAll : demoOfSix)(host, sandbox)
} finally {
  await sandbox.close()
}
