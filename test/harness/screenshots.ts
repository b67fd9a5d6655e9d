/**
 * `npm run screenshots`: every screen in every state, light and dark, at two sizes, to out/screenshots. Exits 1 when a scene cannot be reached.
 * `npm run screenshots -- --only thread`: scenes whose name contains it. `--theme dark`, `--size 1280x800`: fewer pictures of each.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './host.ts'
import { accountScenes } from './screens/account-scenes.ts'
import { photograph, type Shots, sizes, themes } from './screens/camera.ts'
import { connectScenes } from './screens/connect-scenes.ts'
import { gateScenes } from './screens/gate-scenes.ts'
import { inboxScenes } from './screens/inbox-scenes.ts'
import { fromScenario, startPreview } from './screens/preview.ts'
import type { Scene } from './screens/scene.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, theme: { type: 'string' }, size: { type: 'string' } },
})
const shots: Shots = {
  folder: join(root, 'out', 'screenshots'),
  themes: themes.filter((theme) => (values.theme ?? theme) === theme),
  sizes: values.size === undefined ? sizes : [sizeOf(values.size)],
}

function sizeOf(text: string): { width: number; height: number } {
  const [width = 1280, height = 800] = text.split('x').map(Number)
  return { width, height }
}

interface Line {
  screen: string
  pictures: number
  trouble: string
}
const lines: Line[] = []

async function take<Stage extends { page: import('playwright').Page }>(
  stage: Stage,
  scenes: Scene<Stage>[],
): Promise<void> {
  for (const scene of scenes.filter(({ name }) => name.includes(values.only ?? ''))) {
    try {
      const page = (await scene.show(stage)) ?? stage.page
      const files = await photograph(page, scene.name, shots)
      lines.push({ screen: scene.name, pictures: files.length, trouble: '' })
    } catch (error) {
      const [first = ''] = String(error instanceof Error ? error.message : error).split('\n')
      lines.push({ screen: scene.name, pictures: 0, trouble: first })
      console.error(`${scene.name}: ${error}`)
    }
  }
}

if (Object.keys(values).length === 0) rmSync(shots.folder, { recursive: true, force: true })
mkdirSync(shots.folder, { recursive: true })
const preview = await startPreview()
try {
  await take(preview, [...inboxScenes, ...connectScenes, ...accountScenes, ...gateScenes].map(fromScenario))
} finally {
  await preview.close()
}
console.table(lines)
console.log(`${relative(root, shots.folder)}: ${lines.reduce((sum, { pictures }) => sum + pictures, 0)} pictures`)
if (lines.some(({ pictures }) => pictures === 0)) process.exitCode = 1
