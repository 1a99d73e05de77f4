export * from './client/index.ts';
export * from './content/index.ts';
export * from './media/index.ts';
export * from './names.ts';
export * from './schemas/index.ts';
export * from './suites/index.ts';
