#!/usr/bin/env node
import { runMain } from '../src/cli/main.ts';
import { networks } from './index.ts';

await runMain(networks);
