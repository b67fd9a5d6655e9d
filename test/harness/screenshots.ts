/**
 * `npm run screenshots`: every screen in every state, light and dark, at two sizes, to out/screenshots. Exits 1 when a scene cannot be reached.
 * `-- --only thread`: scenes whose name contains it. `-- --theme dark`, `-- --size 960x640`: fewer pictures of each.
 * `-- --readme`: the pictures of the README, to docs/images.
 *
 * Scenes called `app-…` are the running app against the sandbox; all others the same window on the fake bridge of
 * `test/renderer`, which has the states that a running app shows for a moment only, or never on this computer.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandbox } from '../sandbox/sandbox.ts'
import { ensureBuilt } from './build.ts'
import { type LaunchOptions, launchApp } from './driver.ts'
import { chooseHost, describeHost, root } from './host.ts'
import { accountScenes } from './screens/account-scenes.ts'
import { type AppStage, workday } from './screens/app-scenes.ts'
import { photograph, type Shots, type Size, sizes, themes } from './screens/camera.ts'
import { connectScenes } from './screens/connect-scenes.ts'
import { Gallery } from './screens/gallery.ts'
import { gateScenes } from './screens/gate-scenes.ts'
import { gateStarts } from './screens/gate-starts.ts'
import { inboxScenes } from './screens/inbox-scenes.ts'
import { fromScenario, startPreview } from './screens/preview.ts'
import { photographForReadme, readmePictures } from './screens/readme-pictures.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    theme: { type: 'string' },
    size: { type: 'string' },
    readme: { type: 'boolean' },
  },
})
const folder = join(root, 'out', 'screenshots')
const images = join(root, 'docs', 'images')
const shots: Shots = {
  folder,
  themes: themes.filter((theme) => (values.theme ?? theme) === theme),
  sizes: values.size === undefined ? sizes : [sizeOf(values.size)],
}
const forReadme = values.readme === true
const gallery = new Gallery({
  folder,
  isWanted: (name) =>
    forReadme ? readmePictures.some(({ scene }) => scene === name) : name.includes(values.only ?? ''),
  photograph: (page, { name, sizes: own }) =>
    forReadme
      ? photographForReadme(page, name, images)
      : photograph(page, name, { ...shots, sizes: own ?? shots.sizes }),
})

function sizeOf(text: string): Size {
  const [width = 1280, height = 800] = text.split('x').map(Number)
  return { width, height }
}

async function previewed(): Promise<void> {
  const scenes = [...inboxScenes, ...connectScenes, ...accountScenes, ...gateScenes]
  if (!gallery.wants(scenes)) return
  const preview = await startPreview()
  try {
    await gallery.takeEach(preview, scenes.map(fromScenario))
  } finally {
    await preview.close()
  }
}

/** Runs `work` on an app with the sandbox behind it; both end with it, whatever happens. */
async function onApp(
  profile: string,
  options: Partial<LaunchOptions>,
  work: (stage: AppStage) => Promise<void>,
): Promise<void> {
  const host = await chooseHost({ fetchElectron: false })
  const sandbox = await startSandbox({ perShare: 60 })
  try {
    const app = await launchApp(host, { profile, network: sandbox, ...options })
    app.window.setDefaultTimeout(20_000)
    await work({ app, sandbox, profile, page: app.window }).finally(() => app.kill())
  } finally {
    await sandbox.close()
  }
}

async function withProfile(work: (profile: string) => Promise<void>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'manydesk-screens-'))
  try {
    await work(profile)
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function running(): Promise<void> {
  const gates = gateStarts.filter(({ scene }) => gallery.wants([scene]))
  if (!gallery.wants(workday) && gates.length === 0) return
  console.log(describeHost(await chooseHost({ fetchElectron: false })))
  ensureBuilt()
  if (gallery.wants(workday)) {
    await withProfile((profile) => onApp(profile, {}, (stage) => gallery.takeInOrder(stage, workday)))
  }
  for (const { scene, options, harm } of gates) {
    await withProfile(async (profile) => {
      if (harm !== undefined) await onApp(profile, {}, ({ app }) => app.quit())
      harm?.(profile)
      await onApp(profile, options, (stage) => gallery.takeEach(stage, [scene]))
    })
  }
}

if (Object.keys(values).length === 0) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await previewed()
await running()
console.table(gallery.lines)
const count = gallery.lines.reduce((sum, { pictures }) => sum + pictures, 0)
console.log(`${count} pictures in ${relative(root, forReadme ? images : folder)}`)
if (gallery.lines.some(({ pictures }) => pictures === 0)) process.exitCode = 1
