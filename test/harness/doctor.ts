/**
 * `npm run doctor -- <account> [--profile folder]`: tests the connection of an account, by its id or as user@site.
 * `npm run doctor -- --self-test`: plays twelve typical misconfigurations and checks that each is named.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { testAccount } from './doctor-account.ts'
import { selfTest } from './doctor-self-test.ts'

const usage = `Usage:
  npm run doctor -- <account> [--profile folder]   tests one account (its id, user@site, or the site alone)
  npm run doctor -- --self-test                    plays twelve misconfigurations in the sandbox`

/** Where an installed Manydesk keeps its data (Electron's userData). */
function usualProfile(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Manydesk')
  if (process.platform === 'win32')
    return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Manydesk')
  return join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Manydesk')
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { profile: { type: 'string' }, 'self-test': { type: 'boolean' } },
})
const [account] = positionals
if (values['self-test']) process.exitCode = await selfTest(console.log)
else if (account === undefined) {
  console.error(usage)
  process.exitCode = 2
} else {
  // npm runs scripts in the project's folder, and tells where the person is.
  const profile = resolve(process.env.INIT_CWD ?? '', values.profile ?? usualProfile())
  process.exitCode = await testAccount(account, profile, console.log)
}
