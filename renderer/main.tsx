import './design/tokens.css'
import './design/reset.css'
import './design/typography.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createWorkspace } from './workspace.tsx'

const root = document.getElementById('root')
if (root !== null) createRoot(root).render(<App workspace={createWorkspace(window.manydesk)} />)
