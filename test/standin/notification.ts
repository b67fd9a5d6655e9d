import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron'
import { GuardedEmitter } from './absent.ts'
import { eventWith } from './event.ts'
import { runtime } from './runtime.ts'

type Implemented = Pick<ElectronNotification, 'show' | 'close' | 'title' | 'body' | 'subtitle' | 'silent'>

const made = new Map<number, Notification>()
let lastId = 0

/** A notification written down instead of shown; a harness lists and clicks it. */
export class Notification extends GuardedEmitter implements Implemented {
  readonly #id: number
  title: string
  body: string
  subtitle: string
  silent: boolean

  constructor(options: NotificationConstructorOptions = {}) {
    super()
    lastId += 1
    this.#id = lastId
    this.title = options.title ?? ''
    this.body = options.body ?? ''
    this.subtitle = options.subtitle ?? ''
    this.silent = options.silent ?? false
    made.set(this.#id, this)
  }

  show(): void {
    runtime.journal.notifications.push({ id: this.#id, title: this.title, body: this.body, shown: true })
    queueMicrotask(() => this.emit('show', eventWith({})))
  }

  close(): void {
    const entry = runtime.journal.notifications.find(({ id }) => id === this.#id)
    if (!entry?.shown) return
    entry.shown = false
    this.emit('close', eventWith({}))
  }

  static isSupported(): boolean {
    return true
  }
}

/** The person clicks the notification. */
export function clickNotification(id: number): void {
  const notification = made.get(id)
  if (!notification) throw new Error(`No notification ${id}`)
  notification.emit('click', eventWith({}))
}
