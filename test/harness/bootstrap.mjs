/**
 * First thing every npm script runs, on whatever Node the machine has (20 or newer) and without any package: installs
 * what is missing, then runs `test/harness/<task>.ts` on the Node that the lockfile brings.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'

const root = join(import.meta.dirname, '..', '..')
const bin = join(root, 'node_modules', '.bin')
const [task, ...args] = process.argv.slice(2)

/** Tasks that open windows and so need a browser where Electron's binary is missing. */
const windowTasks = new Set(['start', 'dev', 'demo', 'test', 'screenshots', 'doctor'])
const chromiumPaths = [
  process.env.MANYDESK_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function say(text) {
  process.stderr.write(`${text}\n`)
}

function run(command, commandArgs, options = {}) {
  const result = spawnSync(command, commandArgs, { cwd: root, stdio: 'inherit', ...options })
  return result.status ?? 1
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.manydesk-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Installing packages (only after a change of the lockfile) ...')
  const npm = process.env.npm_execpath
  const quiet = ['ci', '--loglevel=error']
  // What a command prints may be read by a program: npm talks to people.
  const stdio = ['inherit', process.stderr, 'inherit']
  const status = npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...quiet], { stdio })
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', quiet, { stdio, shell: process.platform === 'win32' })
  if (status !== 0) {
    say('npm ci failed. Check the network or the proxy settings of npm, then run the command again.')
    process.exit(status)
  }
  writeFileSync(stamp, lock)
}

function hasElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  return Boolean(override && existsSync(override)) || existsSync(join(root, 'node_modules', 'electron', 'path.txt'))
}

function installChromium() {
  if (hasElectron() || chromiumPaths.some((path) => path && existsSync(path))) return
  const isRoot = process.getuid?.() === 0
  if (process.platform !== 'linux' || !isRoot || run('sh', ['-c', 'command -v apt-get'], { stdio: 'ignore' }) !== 0) {
    say('Chromium was not found. Install it (Debian: apt-get install chromium) or name it in MANYDESK_CHROMIUM.')
    return
  }
  say('Installing Chromium and fonts from Debian (once) ...')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] }
  run('apt-get', ['update', '-qq'], quiet)
  const fonts = ['fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji']
  const status = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', ...fonts], quiet)
  if (status !== 0) say('Chromium could not be installed; windows cannot be opened without it.')
}

if (!task || !existsSync(join(root, 'test', 'harness', `${task}.ts`))) {
  say(`Unknown task: ${task ?? '(none)'}`)
  process.exit(2)
}
installPackages()
if (windowTasks.has(task)) installChromium()

const pinnedNode = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node')
const node = existsSync(pinnedNode) ? pinnedNode : process.execPath
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }
delete env.ELECTRON_RUN_AS_NODE
delete env.NODE_OPTIONS
process.exit(
  run(node, ['--disable-warning=ExperimentalWarning', join(root, 'test', 'harness', `${task}.ts`), ...args], {
    env,
    shell: process.platform === 'win32',
  }),
)
