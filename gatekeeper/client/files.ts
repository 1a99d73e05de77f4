import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type Connection,
  download,
  type FileItem,
  type Opened,
  openFile,
  sealFile,
  uploadFile,
} from '#gia';

/** What its sender says of a file. */
export type About = Pick<FileItem, 'contentType' | 'filename' | 'isInline'>;

/** Seals a file and stores it at the gatekeeper. @returns what goes into the message */
export async function storeFile(
  connection: Connection,
  bytes: AsyncIterable<Uint8Array>,
  about: About,
): Promise<FileItem> {
  return inFolder(async (folder) => {
    const file = join(folder, 'sealed');
    const sealing = sealFile(bytes);
    await pipeline(sealing.bytes, createWriteStream(file, { mode: 0o600 }));
    const { seal, sha256, sizeBytes } = sealing.file();
    const url = await uploadFile(connection, { file, sizeBytes, sha256 });
    return { kind: 'file', url, seal, sha256, sizeBytes, ...about };
  });
}

/** Fetches a file of a message, and gives it out once it is found to be what its sender sealed. @throws BadFile, ApiFailure */
export async function fetchFile(
  connection: Connection,
  item: FileItem,
  maxBytes: number,
): Promise<Opened> {
  const { body } = await download(connection, item.url);
  return inFolder((folder) =>
    openFile({ source: body, item, file: join(folder, 'sealed'), maxBytes }),
  );
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'gia-file-'));
  return work(folder).finally(() => rm(folder, { recursive: true }));
}
