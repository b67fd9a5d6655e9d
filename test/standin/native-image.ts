import { readFileSync } from 'node:fs'
import type { NativeImage as ElectronImage } from 'electron'
import { Guarded } from './absent.ts'

type Implemented = Pick<
  ElectronImage,
  'isEmpty' | 'getSize' | 'toPNG' | 'toDataURL' | 'setTemplateImage' | 'isTemplateImage'
>

/** An image as bytes. Size is read from PNG headers only; pixels are never decoded. */
export class NativeImage extends Guarded implements Implemented {
  readonly #data: Buffer
  #template = false

  constructor(data: Buffer) {
    super()
    this.#data = data
  }

  isEmpty(): boolean {
    return this.#data.length === 0
  }

  getSize(): { width: number; height: number } {
    const isPng = this.#data.subarray(1, 4).toString('latin1') === 'PNG'
    return isPng ? { width: this.#data.readUInt32BE(16), height: this.#data.readUInt32BE(20) } : { width: 0, height: 0 }
  }

  toPNG(): Buffer {
    return this.#data
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#data.toString('base64')}`
  }

  setTemplateImage(option: boolean): void {
    this.#template = option
  }

  isTemplateImage(): boolean {
    return this.#template
  }

  resize(): this {
    return this
  }
}

function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}

const make = (data: Buffer) => new NativeImage(data)

export const nativeImage = {
  createEmpty: () => make(Buffer.alloc(0)),
  createFromBuffer: (data: Buffer) => make(data),
  createFromDataURL: (url: string) => make(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  /** A path that cannot be read gives an empty image, as in Electron. */
  createFromPath: (path: string) => make(readOrEmpty(path)),
}
