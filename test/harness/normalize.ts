/** `npm run normalize`: what a vendor's payload, or an answer of its token endpoint, becomes in Manydesk. Nothing is sent anywhere. */
import { connectors } from '../../main/connectors/registry.ts'
import { normalizeCommand } from './normalize-command.ts'

process.exitCode = await normalizeCommand(process.argv.slice(2), {
  connectors,
  // npm runs scripts in the project's folder, and tells where the person is.
  folders: [process.env.INIT_CWD ?? process.cwd(), process.cwd()],
  now: Date.now,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
})
