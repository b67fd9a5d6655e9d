import type { WebFrameMain as ElectronFrame } from 'electron'
import { Guarded } from './absent.ts'
import type { Protocol } from './cdp.ts'
import { toAppUrl } from './schemes.ts'

type Implemented = Pick<
  ElectronFrame,
  | 'url'
  | 'origin'
  | 'name'
  | 'parent'
  | 'top'
  | 'frames'
  | 'framesInSubtree'
  | 'processId'
  | 'routingId'
  | 'frameTreeNodeId'
  | 'frameToken'
  | 'detached'
  | 'isDestroyed'
>

let lastRoutingId = 0

/** One document's frame. A new document is a new frame object; the old one reports itself destroyed. */
export class Frame extends Guarded implements Omit<Implemented, 'parent' | 'top' | 'frames' | 'framesInSubtree'> {
  readonly processId: number
  readonly routingId = ++lastRoutingId
  readonly frameTreeNodeId: number
  readonly frameToken: string
  readonly detached = false
  readonly #tree: FrameTree
  readonly #id: string
  url: string
  name: string
  destroyed = false

  constructor(tree: FrameTree, id: string, frameTreeNodeId: number, processId: number) {
    super()
    this.#tree = tree
    this.#id = id
    this.frameToken = id
    this.frameTreeNodeId = frameTreeNodeId
    this.processId = processId
    this.url = ''
    this.name = ''
  }

  get origin(): string {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(this.url)) return 'null'
    const [, scheme = '', host = ''] = /^([^:]+:\/\/)([^/?#]*)/.exec(this.url) ?? []
    return scheme + host
  }

  get parent(): Frame | null {
    return this.#tree.parentOf(this.#id)
  }

  get top(): Frame | null {
    return this.destroyed ? null : this.#tree.main
  }

  get frames(): Frame[] {
    return this.#tree.childrenOf(this.#id)
  }

  get framesInSubtree(): Frame[] {
    return [this, ...this.frames.flatMap((frame) => frame.framesInSubtree)]
  }

  isDestroyed(): boolean {
    return this.destroyed
  }
}

interface Entry {
  frame: Frame
  parentId: string | undefined
  nodeId: number
}

/** The frames of one page, from the browser's attach, navigate and detach reports. */
export class FrameTree {
  readonly #entries = new Map<string, Entry>()
  readonly #mainId: string
  readonly #processId: number
  #lastNodeId = 0

  constructor(mainId: string, processId: number) {
    this.#mainId = mainId
    this.#processId = processId
    this.attach(mainId, undefined)
  }

  get main(): Frame {
    return this.get(this.#mainId)
  }

  has(frameId: string): boolean {
    return this.#entries.has(frameId)
  }

  isMain(frameId: string): boolean {
    return frameId === this.#mainId
  }

  get(frameId: string): Frame {
    return (this.#entries.get(frameId) ?? this.attach(frameId, this.#mainId)).frame
  }

  attach(frameId: string, parentId: string | undefined): Entry {
    this.#lastNodeId += 1
    const frame = new Frame(this, frameId, this.#lastNodeId, this.#processId)
    const entry = { frame, parentId, nodeId: this.#lastNodeId }
    this.#entries.set(frameId, entry)
    return entry
  }

  /** A new document took over the frame. */
  commit({ id, parentId, url, urlFragment, name, unreachableUrl }: Protocol.Page.Frame): Frame {
    const previous = this.#entries.get(id)
    const nodeId = previous?.nodeId ?? ++this.#lastNodeId
    const frame = new Frame(this, id, nodeId, this.#processId)
    frame.url = toAppUrl(unreachableUrl ?? url + (urlFragment ?? ''))
    frame.name = name ?? ''
    if (previous) previous.frame.destroyed = true
    this.#entries.set(id, { frame, parentId, nodeId })
    return frame
  }

  detach(frameId: string): void {
    for (const [id, entry] of this.#entries) if (entry.parentId === frameId) this.detach(id)
    const entry = this.#entries.get(frameId)
    if (entry) entry.frame.destroyed = true
    this.#entries.delete(frameId)
  }

  destroyAll(): void {
    for (const { frame } of this.#entries.values()) frame.destroyed = true
  }

  parentOf(frameId: string): Frame | null {
    const parentId = this.#entries.get(frameId)?.parentId
    return parentId === undefined ? null : (this.#entries.get(parentId)?.frame ?? null)
  }

  childrenOf(frameId: string): Frame[] {
    return [...this.#entries.values()].filter(({ parentId }) => parentId === frameId).map(({ frame }) => frame)
  }
}
