import { closeConnectWindow } from 'connect-gateway/client'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ConnectButton } from './ConnectButton'

const root = document.querySelector('#root') as HTMLElement

if (location.pathname === '/done') document.title = closeConnectWindow() ? 'Closing' : 'Done'
else if (location.pathname === '/options') void import('./options')
else if (location.pathname === '/clients') void import('./clients')
else
  createRoot(root).render(
    <StrictMode>
      <h1>Settings</h1>
      <ConnectButton application="hubspot" />
    </StrictMode>,
  )
