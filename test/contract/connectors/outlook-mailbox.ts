import { afterAll, beforeAll } from 'vitest'
import type { Command, Conversation } from '../../../main/connectors/model.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { type Connected, open, Shelf } from './connected.ts'

export const site = 'care@tidewater.example'
export const mailbox = { mailbox: site, tenant: 'tidewater.example' }
export const ella = { site, email: 'ella.marsh@tidewater.example' }
export const graph = `/v1.0/users/${site}`

/** A shared mailbox of a sandbox of this file's own, read into a shelf before its tests. */
export function filledMailbox() {
  let opened: Connected
  const shelf = new Shelf()
  beforeAll(async () => {
    opened = await open(outlook, mailbox, ella, 300)
    await shelf.fill(outlook, opened.ctx)
  }, 120_000)
  afterAll(() => opened.close())

  const account = {
    get ctx() {
      return opened.ctx
    },
    get sandbox() {
      return opened.sandbox
    },
  }
  const control = () => opened.sandbox.control
  return {
    account,
    shelf,
    control,
    openIds: () => control().conversationIds(site, { statusKind: 'open', limit: 20 }),
    async fresh(id: string): Promise<Conversation> {
      const { conversation } = await outlook.thread(opened.ctx, id)
      if (conversation === null) throw new Error('a thread tells its conversation')
      return conversation
    },
    /** What the pages since brought, newest state of each. */
    async news(): Promise<Shelf> {
      const since = new Shelf()
      since.cursor = shelf.cursor
      await since.fill(outlook, opened.ctx)
      shelf.cursor = since.cursor
      return since
    },
    calls: async (method: string, ending: string) =>
      (await control().requests({ method })).filter((request) => request.path.endsWith(ending)),
  }
}

export const reply = (text: string) =>
  ({ kind: 'reply', bodyText: text, bodyHtml: `<p>${text}</p>` }) as const satisfies Command

export const words = (text: string) => ({ bodyText: text, bodyHtml: `<p>${text}</p>` })

export function never(): never {
  throw new Error('it must be there')
}
