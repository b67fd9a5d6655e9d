import { parseArgs } from 'node:util'
import { startSandbox } from './sandbox.ts'

/** Runs the sandbox as a process: prints one JSON line when ready, ends on SIGTERM, SIGINT or when its stdin closes (`--with-parent`). */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    conversations: { type: 'string', default: '2400' },
    seed: { type: 'string', default: '1' },
    'data-dir': { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
})

const sandbox = await startSandbox({
  port: Number(values.port),
  conversations: Number(values.conversations),
  seed: Number(values.seed),
  ...(values['data-dir'] ? { dataDir: values['data-dir'] } : {}),
})

let closing = false
async function close(): Promise<void> {
  if (closing) return
  closing = true
  await sandbox.close()
  process.exit(0)
}

process.on('SIGTERM', close)
process.on('SIGINT', close)
if (values['with-parent']) process.stdin.resume().on('end', close).on('error', close)

const { port, spki, hostResolverRules, directory } = sandbox
process.stdout.write(`${JSON.stringify({ port, spki, hostResolverRules, pid: process.pid, directory })}\n`)
