/** Screen coordinates in device-independent pixels. */
export interface Bounds {
  x: number
  y: number
  width: number
  height: number
}

/** Where the window was when it closed. */
export interface Place {
  bounds: Bounds
  maximized: boolean
}

interface Frame {
  width: number
  height: number
  minWidth: number
  minHeight: number
  x?: number
  y?: number
}

const size = { width: 1280, height: 800, minWidth: 960, minHeight: 600 }
/** So much of the window must be on a screen, or it cannot be grabbed. */
const graspable = 100

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

/** Size and place for a new window: the remembered one, if a screen is still there. */
export function frameFor(place: Place | null, screens: readonly Bounds[]): Frame {
  if (place === null) return size
  const { x, y, width, height } = place.bounds
  const fitting = { ...size, width: Math.max(width, size.minWidth), height: Math.max(height, size.minHeight) }
  const reachable = screens.some(
    (screen) =>
      overlap(x, width, screen.x, screen.width) >= graspable &&
      overlap(y, height, screen.y, screen.height) >= graspable,
  )
  return reachable ? { ...fitting, x, y } : fitting
}
