/** Whether the host of a parsed URL is this machine: localhost, 127.0.0.0/8 or [::1]. */
export const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)
