import { accountScenes } from '../harness/screens/account-scenes.ts'
import { wear } from '../harness/screens/camera.ts'
import { connectScenes } from '../harness/screens/connect-scenes.ts'
import { gateScenes } from '../harness/screens/gate-scenes.ts'
import { inboxScenes } from '../harness/screens/inbox-scenes.ts'
import { fromScenario, type Preview, startPreview } from '../harness/screens/preview.ts'
import type { PreviewScene } from '../harness/screens/scene.ts'
import { broken, colourRules } from './accessible.ts'
import { test as base, expect } from './fixtures.ts'
import { unreached } from './keyboard.ts'

/** One build and one browser for all scenes of a worker: each scene is a fresh page of it. */
const test = base.extend<object, { preview: Preview }>({
  preview: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const preview = await startPreview()
      await use(preview)
      await preview.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})

test.describe.configure({ timeout: 120_000 })

const scenes: PreviewScene[] = [...inboxScenes, ...connectScenes, ...accountScenes, ...gateScenes]

/** The same parts as in another scene, only more of them or with other words. */
const alike = [
  ...['accounts-many', 'inbox-many-accounts', 'inbox-attention', 'thread-german', 'thread-long', 'outbox-toast'],
  ...['sign-in-client-rejected', 'sign-in-offline', 'sign-in-browser-waiting', 'audit-session', 'lock-recovering'],
  ...['trouble-store-newer', 'trouble-keyring-locked', 'brand-more', 'connect-own-client', 'health-offline'],
]

for (const scene of scenes.filter(({ name }) => !alike.includes(name)).map(fromScenario)) {
  test(`${scene.name} breaks no accessibility rule in light, and no rule of colours in dark`, async ({ preview }) => {
    await scene.show(preview)
    await wear(preview.page, 'light')
    expect.soft(await broken(preview.page), 'light').toEqual([])
    await wear(preview.page, 'dark')
    expect.soft(await broken(preview.page, colourRules), 'dark').toEqual([])
  })
}

const byKeyboard = [
  ...[
    'accounts-normal',
    'account-page',
    'accounts-import-preview',
    'accounts-managed',
    'brands-normal',
    'health-details',
  ],
  ...[
    'doctor-found',
    'audit-broken',
    'connectors-list',
    'connectors-editor-faults',
    'connectors-discover',
    'connectors-import',
  ],
  ...['lock-locked', 'lock-set', 'lock-settings', 'policy-broken', 'policy-rules', 'sign-in-device-code'],
]

test('every control of the screens outside of the inbox is reached by Tab', async ({ preview }) => {
  const walked = scenes.filter(({ name }) => byKeyboard.includes(name))
  expect(walked).toHaveLength(byKeyboard.length)
  for (const scene of walked.map(fromScenario)) {
    await scene.show(preview)
    expect.soft(await unreached(preview.page), scene.name).toEqual([])
  }
})

test('a window zoomed to 200 % shows the list or the conversation, and leads from one to the other', async ({
  preview,
}) => {
  const { page, url } = preview
  await page.setViewportSize({ width: 640, height: 400 })
  await page.goto(`${url}?scenario=inbox`)
  await expect(page.getByRole('article').first()).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Conversations' })).toBeHidden()
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(page.getByRole('main', { name: 'Conversation' })).toBeHidden()
  await page.getByRole('listbox', { name: 'Conversations' }).getByRole('option').nth(1).click()
  await expect(page.getByRole('article').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox', { name: 'Conversations' })).toBeVisible()
  await page.getByRole('button', { name: 'Show views' }).click()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Mine/ }).click()
  await expect(page.getByRole('navigation', { name: 'Views' })).toBeHidden()
  await page.setViewportSize({ width: 1280, height: 800 })
})
