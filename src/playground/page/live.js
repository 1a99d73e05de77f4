const RETRY_MS = 1500;

/**
 * Listens to the playground. After a break everything is told anew (`hello`), and a playground that
 * was started anew has another token, so the page is loaded anew.
 */
export function listen(handlers, onState) {
  let start;
  const open = () => {
    const source = new EventSource('/api/live');
    source.addEventListener('hello', (event) => {
      const hello = JSON.parse(event.data);
      if (start !== undefined && start !== hello.start) {
        location.reload();
        return;
      }
      start = hello.start;
      handlers.hello(hello);
      onState('open');
    });
    for (const [name, handle] of Object.entries(handlers)) {
      if (name === 'hello') continue;
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
    source.addEventListener('error', () => {
      source.close();
      onState('lost');
      setTimeout(open, RETRY_MS);
    });
  };
  open();
}
