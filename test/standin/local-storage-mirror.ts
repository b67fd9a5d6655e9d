import type { Protocol } from './cdp.ts'
import type { Page } from './page.ts'
import type { Session } from './session.ts'

/** Follows what a page does to local storage, so that its partition can be saved without asking the page. */
export function mirrorLocalStorage({ session }: Page, partition: Session): void {
  const mirror = new StorageMirror(partition)
  session.on('DOMStorage.domStorageItemAdded', (event) => mirror.put(event))
  session.on('DOMStorage.domStorageItemUpdated', (event) => mirror.put(event))
  session.on('DOMStorage.domStorageItemRemoved', (event) => mirror.remove(event))
  session.on('DOMStorage.domStorageItemsCleared', (event) => mirror.clear(event))
}

/** Keeps the partition's record of local storage in step with its pages. */
class StorageMirror {
  readonly #partition: Session

  constructor(partition: Session) {
    this.#partition = partition
  }

  put(event: Protocol.DOMStorage.domStorageItemAddedPayload): void {
    const items = this.#items(event.storageId)
    if (items) items[event.key] = event.newValue
  }

  remove(event: Protocol.DOMStorage.domStorageItemRemovedPayload): void {
    const items = this.#items(event.storageId)
    if (items) delete items[event.key]
  }

  clear({ storageId }: Protocol.DOMStorage.domStorageItemsClearedPayload): void {
    const items = this.#items(storageId)
    for (const key of Object.keys(items ?? {})) delete items?.[key]
  }

  #items({ securityOrigin, storageKey, isLocalStorage }: Protocol.DOMStorage.StorageId) {
    const origin = (securityOrigin ?? storageKey ?? '').replace(/\/$/, '')
    if (!isLocalStorage || !origin) return undefined
    const { localStorage } = this.#partition
    const items = localStorage[origin] ?? {}
    localStorage[origin] = items
    this.#partition.saveSoon()
    return items
  }
}
