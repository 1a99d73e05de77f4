import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { libraryPath } from '../servers/provision.ts';

/** Starts the browser that lies below `root`, where `provide('chromium-headless-shell')` put it. */
export async function launchChromium(root: string): Promise<Browser> {
  return chromium.launch({
    executablePath: join(root, 'usr/lib/chromium/chromium-headless-shell'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: await libraryPath(root),
      FONTCONFIG_FILE: await fontConfig(root),
    },
  });
}

/** On a machine without fonts there are those that came with the browser. */
async function fontConfig(root: string): Promise<string> {
  const systemFile = '/etc/fonts/fonts.conf';
  if (existsSync(systemFile)) return systemFile;
  const dir = join(root, 'var/fontconfig');
  await mkdir(dir, { recursive: true });
  const file = join(dir, 'fonts.conf');
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${root}/usr/share/fonts</dir><cachedir>${dir}/cache</cachedir></fontconfig>
`,
  );
  return file;
}
