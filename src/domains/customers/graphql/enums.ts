import { builder } from '../../../api/builder.ts';

export const CustomerKind = builder.enumType('CustomerKind', {
  description: 'What a customer is.',
  values: {
    COMPANY: { description: 'A company or another organization.' },
    PERSON: { description: 'A private person.' },
  } as const,
});

export const Grade = builder.enumType('Grade', {
  description: 'How much a customer matters.',
  values: {
    A: { description: 'Most.' },
    B: { description: 'Much.' },
    C: { description: 'Some.' },
    D: { description: 'Little.' },
  } as const,
});

export const LifecycleStage = builder.enumType('LifecycleStage', {
  description: 'Where a customer stands in its life with us.',
  values: {
    POTENTIAL: { description: 'Might buy.' },
    DEVELOPING: { description: 'Is being won.' },
    FIRST_DEAL: { description: 'Has bought once.' },
    ACTIVE: { description: 'Buys.' },
    LOYAL: { description: 'Buys again and again.' },
    AT_RISK: { description: 'Might leave.' },
    LOST: { description: 'Has left.' },
  } as const,
});

export const ActivityKind = builder.enumType('ActivityKind', {
  description: 'How somebody dealt with a customer.',
  values: {
    CALL: { description: 'By telephone.' },
    VISIT: { description: 'At the customer’s, or the customer at ours.' },
    MESSAGE: { description: 'In writing: mail, chat, letter.' },
    MEETING: { description: 'In a meeting, in person or online.' },
    NOTE: { description: 'Not at all: something worth knowing.' },
  } as const,
});
