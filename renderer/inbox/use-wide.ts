import { useEffect, useState } from 'react'

/** Whether the window is at least `width` CSS pixels wide, now and while it is resized or zoomed. */
export function useWide(width: number): boolean {
  const [wide, setWide] = useState(() => window.innerWidth >= width)
  useEffect(() => {
    const listen = () => setWide(window.innerWidth >= width)
    window.addEventListener('resize', listen)
    return () => window.removeEventListener('resize', listen)
  }, [width])
  return wide
}
