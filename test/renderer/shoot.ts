/**
 * Pictures of the dev page: `node test/renderer/shoot.ts OUT scenario[:theme[:width x height]] ...` while vite serves it.
 */
import { mkdir } from 'node:fs/promises'
import { chromium } from 'playwright-core'

const [out = 'out/renderer-shots', ...wanted] = process.argv.slice(2)
await mkdir(out, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
for (const shot of wanted) {
  const [scenario = 'inbox', theme = 'light', size = '1280x800'] = shot.split(':')
  const [width = 1280, height = 800] = size.split('x').map(Number)
  const page = await browser.newPage({ viewport: { width, height } })
  page.on('pageerror', (error) => console.log(`${shot}: ${error.message}`))
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') console.log(`${shot}: ${line.text()}`)
  })
  await page.goto(`http://127.0.0.1:5199/?scenario=${scenario}&theme=${theme}`)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(900)
  await page.screenshot({ path: `${out}/${scenario}-${theme}-${width}.png` })
  await page.close()
}
await browser.close()
