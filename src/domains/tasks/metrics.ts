import { declareScoringEvent } from '../../metrics/scoring-events.ts';

declareScoringEvent({
  type: 'task.completed',
  description:
    'A task was completed. Scores for its assignee, or for who completed it when it had none.',
  fields: {
    importance: { kind: 'choice', description: 'SMALL, BIG or MAJOR.' },
    priority: { kind: 'choice', description: 'LOW, NORMAL, HIGH or URGENT.' },
    difficulty: { kind: 'choice', description: 'EASY, NORMAL or HARD.' },
    onTime: { kind: 'boolean', description: 'Not later than it was due; true without a due time.' },
  },
  restatedBy: [],
  reversedBy: ['task.reopened'],
});
