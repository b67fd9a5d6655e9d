import { createContext, type ReactNode, useContext, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import { type BrandColors, brandColors } from './brand-color.ts'

const ShownTheme = createContext<'light' | 'dark'>('light')
const darkQuery = '(prefers-color-scheme: dark)'

/** Puts the chosen theme on the root element and tells components which of the two is shown. */
export function ThemeProvider({ theme, children }: { theme: 'system' | 'light' | 'dark'; children: ReactNode }) {
  const [systemDark, setSystemDark] = useState(() => window.matchMedia(darkQuery).matches)
  useEffect(() => {
    const query = window.matchMedia(darkQuery)
    const listen = (event: MediaQueryListEvent) => setSystemDark(event.matches)
    query.addEventListener('change', listen)
    return () => query.removeEventListener('change', listen)
  }, [])
  const shown = theme === 'system' ? (systemDark ? 'dark' : 'light') : theme
  // Before the effects of what is inside, which read the theme's tokens from the page.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = shown
  }, [shown])
  return <ShownTheme value={shown}>{children}</ShownTheme>
}

export function useShownTheme(): 'light' | 'dark' {
  return useContext(ShownTheme)
}

/** A brand's colour, adjusted for the theme on screen. */
export function useBrandColors(color: string): BrandColors {
  const theme = useShownTheme()
  return useMemo(() => brandColors(color, theme), [color, theme])
}
