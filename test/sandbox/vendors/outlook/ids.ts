import { outlookSites } from './sites.ts'

const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (text: string) => Buffer.from(text, 'base64url').toString('utf8')

/** How numbers of the sandbox become ids of one mailbox. Conversation ids hold characters that must be encoded in a query. */
export class MailIds {
  readonly #mailbox: string
  readonly #aliases = new Map<string, string>()
  readonly #places = new Map<string, { index: number; seq: number }>()

  constructor(site: string) {
    this.#mailbox = String(outlookSites.findIndex((known) => known.id === site) + 1)
  }

  conversation = (index: number) => `AAQkA+${encode(`${this.#mailbox}.${index}`)}/c=`
  looseConversation = (number: number) => `AAQkA+${encode(`${this.#mailbox}.new${number}`)}/c=`
  folder = (name: string) => `AQMkAGf${encode(`${this.#mailbox}.${name}`)}`
  loose = (number: number) => `AAkALgd${encode(`${this.#mailbox}.draft${number}`)}`

  message(index: number, seq: number): string {
    return this.#aliases.get(`${index}.${seq}`) ?? `AAkALgm${encode(`${this.#mailbox}.${index}.${seq}`)}`
  }

  /** A sent draft keeps its id. */
  alias(id: string, index: number, seq: number): void {
    this.#aliases.set(`${index}.${seq}`, id)
    this.#places.set(id, { index, seq })
  }

  index(conversationId: string): number | undefined {
    const [, text = ''] = /^AAQkA\+(.+)\/c=$/.exec(conversationId) ?? []
    const [, index] = new RegExp(`^${this.#mailbox}\\.(\\d+)$`).exec(decode(text)) ?? []
    return index === undefined ? undefined : Number(index)
  }

  place(id: string): { index: number; seq: number } | undefined {
    const known = this.#places.get(id)
    if (known) return known
    const [, text = ''] = /^AAkALgm(.+)$/.exec(id) ?? []
    const [, index, seq] = new RegExp(`^${this.#mailbox}\\.(\\d+)\\.(\\d+)$`).exec(decode(text)) ?? []
    return index === undefined ? undefined : { index: Number(index), seq: Number(seq) }
  }

  /** The id without `Prefer: IdType="ImmutableId"`: it changes with the folder. */
  mutable = (id: string, folder: string) => `AAMkAG${encode(JSON.stringify([id, folder]))}`

  /** Id and folder of a mutable id; the folder is null for one that lasts. */
  read(id: string): { id: string; folder: string | null } {
    const [, text] = /^AAMkAG(.+)$/.exec(id) ?? []
    if (text === undefined) return { id, folder: null }
    try {
      const [inner, folder] = JSON.parse(decode(text)) as [string, string]
      return { id: inner, folder }
    } catch {
      return { id, folder: null }
    }
  }

  attachment = (messageId: string, place: number) => `${messageId}ARIAEA${place}`
  attachmentPlace = (id: string) => Number(/ARIAEA(\d+)$/.exec(id)?.[1] ?? Number.NaN)
}
