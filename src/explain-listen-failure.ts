/**
 * Why a server could not listen, in words, with the next step; undefined when the error is another. `command` is what
 * to type again.
 */
export function explainListenFailure(error: unknown, command: string): string | undefined {
  const { code, port, address, syscall } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (syscall === 'listen' && code === 'EADDRINUSE')
    return `Port ${port} is taken, perhaps by Doublestamp itself. Choose another:\n  PORT=${port! + 1} ${command}`;
  if (syscall === 'listen' && code === 'EACCES')
    return `Port ${port} needs an administrator. Choose one above 1023:\n  PORT=4747 ${command}`;
  if (code === 'EADDRNOTAVAIL') return `This computer does not have the address ${address}. Check HOST.`;
  return undefined;
}
