/** The event object every Electron listener gets first: `preventDefault` marks it, details are own properties. */
export class StandinEvent {
  defaultPrevented = false

  preventDefault(): void {
    this.defaultPrevented = true
  }
}

/** An event that carries Electron's detail fields beside `preventDefault`. */
export function eventWith<T extends object>(details: T): StandinEvent & T {
  return Object.assign(new StandinEvent(), details)
}
