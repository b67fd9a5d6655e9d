import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Network } from './driver.ts'
import { type Host, root } from './host.ts'

const entry = join(root, 'out', 'main', 'index.js')
const standin = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(root, 'test', 'standin', 'register.ts'),
  entry,
]

/** Switches that lead vendor hosts to the sandbox and trust its one certificate. */
export function networkSwitches(network: Network | null): string[] {
  if (network === null) return []
  return [`--host-resolver-rules=${network.hostResolverRules}`, `--ignore-certificate-errors-spki-list=${network.spki}`]
}

/** Program and arguments that start the built bundle on the stand-in. */
export function standinCommand(switches: string[]): { program: string; args: string[] } {
  return { program: process.execPath, args: [...standin, ...switches] }
}

/** Program and arguments that start the built bundle on real Electron. Chromium's sandbox does not work for root. */
export function electronCommand(executable: string, switches: string[]): { program: string; args: string[] } {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return { program: executable, args: [...asRoot, ...switches, entry] }
}

/** Opens the workstation for a person, with nothing attached to it, and waits until it is closed. Answers its exit code. */
export async function openForPerson(host: Host, profile: string, network: Network | null): Promise<number> {
  const switches = [`--user-data-dir=${profile}`, ...networkSwitches(network)]
  const { program, args } =
    host.kind === 'electron'
      ? electronCommand(host.executable, switches)
      : standinCommand([...switches, '--standin-browser'])
  const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
  const stop = () => child.kill('SIGTERM')
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 0
}
