import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron'
import type { EventValue } from '../../preload/contract.ts'
import type { Log } from '../ports.ts'

/** What the icon beside the clock tells. */
export interface TrayNews {
  unread: number
  online: boolean
  /** Accounts a person should look at, the worst first, with what is wrong in a few words. */
  attention: readonly { name: string; words: string; broken: boolean }[]
}

interface TrayOptions {
  /** Makes the icon. Some desktops have no place for one. */
  create(): Pick<Tray, 'setImage' | 'setToolTip' | 'setContextMenu' | 'on'>
  images: Record<'calm' | 'soon' | 'broken', NativeImage>
  buildMenu(template: MenuItemConstructorOptions[]): Menu
  show(): void
  navigate(target: EventValue<'app.navigate'>): void
  quit(): void
  log: Log
}

/** As many accounts as a menu can hold and still be read. */
const namedAccounts = 8

/** The icon beside the clock: how many are unread, and which accounts need somebody. */
export function createTray(options: TrayOptions): (news: TrayNews) => void {
  const { images, show, log } = options
  let tray: ReturnType<TrayOptions['create']>
  try {
    tray = options.create()
  } catch (error) {
    log.info('This desktop has no place for an icon beside the clock', { error: String(error) })
    return () => undefined
  }
  tray.on('click', show)
  let shown = ''
  const update = (news: TrayNews) => {
    const now = JSON.stringify(news)
    // Linux rebuilds the whole icon with each change.
    if (now === shown) return
    shown = now
    tray.setImage(images[worst(news)])
    tray.setToolTip(trayWords(news))
    tray.setContextMenu(options.buildMenu(trayMenu(news, options)))
  }
  update({ unread: 0, online: true, attention: [] })
  return update
}

function worst({ attention }: TrayNews): 'calm' | 'soon' | 'broken' {
  if (attention.some(({ broken }) => broken)) return 'broken'
  return attention.length > 0 ? 'soon' : 'calm'
}

const attentionWords = ({ attention }: TrayNews) =>
  attention.length === 1 ? '1 account needs attention' : `${attention.length} accounts need attention`

/** `Manydesk: 42 unread, 1 account needs attention`. */
export function trayWords(news: TrayNews): string {
  const unread = news.unread === 0 ? 'nothing unread' : `${news.unread} unread`
  const parts = [
    unread,
    ...(news.attention.length > 0 ? [attentionWords(news)] : []),
    ...(news.online ? [] : ['offline']),
  ]
  return `Manydesk: ${parts.join(', ')}`
}

export function trayMenu(
  news: TrayNews,
  { show, navigate, quit }: Pick<TrayOptions, 'show' | 'navigate' | 'quit'>,
): MenuItemConstructorOptions[] {
  const toHealth = () => navigate({ to: 'health' })
  const named = news.attention.slice(0, namedAccounts).map(({ name, words }) => ({
    // A single & would mark a key.
    label: `${name}: ${words}`.replaceAll('&', '&&'),
    click: toHealth,
  }))
  const more = news.attention.length - named.length
  return [
    { label: 'Open Manydesk', click: show },
    { label: news.unread === 0 ? 'Nothing unread' : `${news.unread} unread`, click: () => navigate({ to: 'inbox' }) },
    { type: 'separator' },
    { label: news.attention.length === 0 ? 'All accounts are well' : attentionWords(news), click: toHealth },
    ...named,
    ...(more > 0 ? [{ label: `${more} more`, click: toHealth }] : []),
    { type: 'separator' },
    { label: 'Quit', click: quit },
  ]
}
