import type { Page } from 'playwright'
import type { PreviewScene } from './scene.ts'
import { dialog, heading, words } from './scene.ts'

const locked = heading('Manydesk is locked')

/** What stands before the app or over it: lock, policy, key store, damaged store. */
export const gateScenes: PreviewScene[] = [
  { name: 'lock-locked', scenario: 'lock-cold', sees: locked },
  { name: 'lock-wrong-passphrase', scenario: 'lock-wrong', sees: locked, act: unlock },
  { name: 'lock-wait', scenario: 'lock-wait', sees: locked },
  { name: 'lock-recovering', scenario: 'lock-recovering', sees: locked },
  { name: 'lock-forgotten', scenario: 'lock-cold', sees: locked, act: forget },
  { name: 'lock-required', scenario: 'lock-required', sees: heading('Set a passphrase') },
  { name: 'lock-set', scenario: 'lock-setup', sees: dialog('App lock') },
  { name: 'lock-settings', scenario: 'lock-settings', sees: dialog('App lock') },
  { name: 'policy-broken', scenario: 'policy-broken', sees: heading(/its policy cannot be read/) },
  { name: 'policy-rules', scenario: 'policy-rules', sees: dialog('Managed by your organisation') },
  {
    name: 'trouble-keyring-unprotected',
    scenario: 'keyring',
    sees: words('This computer cannot protect your sign-ins.'),
  },
  { name: 'trouble-keyring-locked', scenario: 'locked', sees: words('Your keyring is locked.') },
  { name: 'trouble-store-damaged', scenario: 'damaged', sees: words(/is damaged/) },
  { name: 'trouble-store-newer', scenario: 'newer', sees: words(/newer Manydesk/) },
]

async function unlock(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('not this one')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await page.getByText('This is not the passphrase.').waitFor()
}

async function forget(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Forgot the passphrase?' }).click()
  await page.getByRole('alertdialog').waitFor()
}
