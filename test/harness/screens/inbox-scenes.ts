import type { Page } from 'playwright'
import type { PreviewScene } from './scene.ts'
import { button, dialog, heading, press, waiting, words } from './scene.ts'

const message = (page: Page) => page.getByRole('article').first()

/** The list, the conversation, what is written, and what waits to be sent. */
export const inboxScenes: PreviewScene[] = [
  { name: 'inbox-normal', scenario: 'list', sees: heading('Choose a conversation') },
  { name: 'inbox-loading', scenario: 'loading', sees: waiting('Loading conversations') },
  { name: 'inbox-empty', scenario: 'none', sees: heading('No conversations yet') },
  { name: 'inbox-filling', scenario: 'first-fill', sees: heading('Your conversations are on their way') },
  { name: 'inbox-nothing-found', scenario: 'search', sees: heading(/Nothing found/) },
  { name: 'inbox-error', scenario: 'list-failed', sees: words(/cannot be read right now/) },
  { name: 'inbox-offline', scenario: 'offline', sees: message },
  { name: 'inbox-attention', scenario: 'attention', sees: message },
  { name: 'inbox-keys-lost', scenario: 'keys-lost', sees: heading('Choose a conversation') },
  { name: 'inbox-many-accounts', scenario: 'two-dozen', sees: message, act: press(/^Filter by account/) },
  { name: 'inbox-sign-ins', scenario: 'dock', sees: heading('Choose a conversation') },
  { name: 'thread-normal', scenario: 'inbox', sees: message },
  { name: 'thread-loading', scenario: 'thread-loading', sees: waiting('Opening the conversation') },
  { name: 'thread-german', scenario: 'german', sees: message },
  { name: 'thread-long', scenario: 'long', sees: message },
  { name: 'thread-extreme', scenario: 'extreme', sees: message },
  { name: 'thread-not-current', scenario: 'health-inbox', sees: message },
  { name: 'thread-managed-files', scenario: 'policy-attachments', sees: message },
  { name: 'customer-orders', scenario: 'orders', sees: words('Order #1043: two tents, one sleeping bag') },
  { name: 'composer-reply', scenario: 'inbox', sees: message, act: write('r', 'Reply') },
  { name: 'composer-note', scenario: 'inbox', sees: message, act: write('n', 'Note') },
  { name: 'composer-macros', scenario: 'inbox', sees: message, act: press('Macros') },
  { name: 'composer-macro-applied', scenario: 'inbox', sees: message, act: applyMacro },
  { name: 'composer-status', scenario: 'inbox', sees: message, act: sendMenu },
  { name: 'outbox-empty', scenario: 'inbox', sees: message, act: press(/^Outbox/) },
  { name: 'outbox-failed', scenario: 'outbox', sees: message, act: press(/^Outbox/) },
  { name: 'outbox-toast', scenario: 'outbox', sees: message },
  { name: 'shortcuts', scenario: 'shortcuts', sees: dialog('Keyboard shortcuts') },
  { name: 'welcome', scenario: 'welcome', sees: button('Connect your first account') },
]

function write(key: string, box: string) {
  return async (page: Page) => {
    await page.keyboard.press(key)
    await page
      .getByRole('textbox', { name: box })
      .fill(
        'Hello Lena,\n\nthe right poles leave us today. Keep the wrong ones, there is no need to send them back.\n\nBest regards',
      )
  }
}

async function applyMacro(page: Page): Promise<void> {
  await press('Macros')(page)
  await page.getByRole('menuitem').first().click()
  await page.getByRole('group', { name: 'Together with it' }).waitFor()
}

async function sendMenu(page: Page): Promise<void> {
  await write('r', 'Reply')(page)
  await press('Send and set the status')(page)
}
