export * from './content/index.ts';
export * from './schemas/index.ts';
