import { expect, type Locator, type Page } from '@playwright/test'
import type { ConversationRow, ListQuery } from '../../preload/contract.ts'

/** Shows the inbox, from whichever screen. */
export async function goToInbox(window: Page): Promise<void> {
  const list = conversations(window)
  const back = window.getByRole('button', { name: /^(Go to inbox|Inbox|Back to inbox|Close)$/ })
  await list.or(back).first().waitFor()
  while (!(await list.isVisible())) {
    await back.first().click()
    await list.or(back).first().waitFor()
  }
}

export function conversations(window: Page): Locator {
  return window.getByRole('listbox', { name: 'Conversations' })
}

/** The list as it is stored, without drawing it. */
export function listOf(page: Page, query: ListQuery): Promise<ConversationRow[]> {
  return page.evaluate(async (wanted) => {
    const answer = await window.manydesk.inbox.list(wanted)
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value.rows
  }, query)
}

/** The row of one conversation, if it is drawn. */
export function rowOf(window: Page, id: string): Locator {
  return window.locator(`[id="conversation-${id}"]`)
}

/** Clicks a row, rolling the list down to it first. */
export async function openById(window: Page, id: string, subject: string): Promise<void> {
  const row = rowOf(window, id)
  await conversations(window).getByRole('option').first().waitFor()
  await conversations(window).hover()
  for (let turn = 0; turn < 40 && !(await row.isVisible()); turn += 1) {
    await window.mouse.wheel(0, 400)
    await window.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))))
  }
  await row.click()
  await expect(window.getByRole('heading', { name: subject })).toBeVisible()
}

/** Waits until the messages of the open conversation have been read from the vendor or the store. */
export async function threadLoaded(window: Page): Promise<void> {
  await window.getByRole('region', { name: 'Messages' }).getByRole('article').first().waitFor()
}

/** R, text, and the Send button. */
export async function reply(window: Page, text: string): Promise<void> {
  await window.keyboard.press('r')
  await window.getByRole('textbox', { name: 'Reply' }).fill(text)
  await window.getByRole('button', { name: 'Send', exact: true }).click()
}

/** Our text stands in the thread and no longer waits for anything. */
export async function replyConfirmed(window: Page, text: string): Promise<void> {
  const message = window.getByRole('article').filter({ hasText: text })
  await expect(message).toHaveCount(1)
  await expect(message.getByText(/Waiting to be sent|Sending|Checking whether it arrived/)).toHaveCount(0)
}

export async function showAccounts(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Accounts', exact: true }).click()
  await window.getByRole('heading', { name: 'Accounts' }).first().waitFor()
}
