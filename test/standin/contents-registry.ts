import type { WebContents } from './web-contents.ts'

const alive = new Map<number, WebContents>()
let lastId = 0
let announce: (contents: WebContents) => void = () => undefined

/** Hears of every webContents as it comes into being, for the app's `web-contents-created`. */
export function onContentsCreated(listener: (contents: WebContents) => void): void {
  announce = listener
}

/** Every webContents that is not destroyed. */
export function allContents(): WebContents[] {
  return [...alive.values()]
}

export function nextContentsId(): number {
  lastId += 1
  return lastId
}

export function addContents(contents: WebContents): void {
  alive.set(contents.id, contents)
  announce(contents)
}

export function removeContents(contents: WebContents): void {
  alive.delete(contents.id)
}
