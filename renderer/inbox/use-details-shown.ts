import { useEffect, useState } from 'react'
import { drawerBelow } from '../state/app.ts'
import { useApp } from '../workspace.tsx'

/** Whether the details are shown: what the person chose or, before that, whether the window has the room. */
export function useDetailsShown(): boolean {
  const chosen = useApp((state) => state.detailsShown)
  const [wide, setWide] = useState(() => window.innerWidth >= drawerBelow)
  useEffect(() => {
    const listen = () => setWide(window.innerWidth >= drawerBelow)
    window.addEventListener('resize', listen)
    return () => window.removeEventListener('resize', listen)
  }, [])
  return chosen ?? wide
}
