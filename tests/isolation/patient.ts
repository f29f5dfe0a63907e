import { vi } from 'vitest';

// Each test makes hundreds of calls, on whatever machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
