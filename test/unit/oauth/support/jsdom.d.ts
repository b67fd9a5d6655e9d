/** The part of jsdom that the page test uses; the package brings no types. */
declare module 'jsdom' {
  export class VirtualConsole {}
  export class JSDOM {
    constructor(html: string, options: { url: string; runScripts: 'dangerously'; virtualConsole: VirtualConsole })
    readonly window: Window
  }
}
