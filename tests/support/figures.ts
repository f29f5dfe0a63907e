export const METRICS_TOKEN = 'a-long-enough-secret';

/** What /metrics says, by name and labels as they stand there: `muster_frames_total{from="group"}`. */
export async function figuresOf(url: string, token = METRICS_TOKEN): Promise<Map<string, number>> {
  const response = await fetch(new URL('/metrics', url), {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))] as const;
    }),
  );
}
