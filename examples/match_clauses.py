"""Score plain clauses against the 187 actions, and print the three nearest of each."""

from gcm_align import load_catalogue, match

clauses = [
    "No employer shall keep the passport or identity card of a migrant worker.",
    "The embassy will open a telephone line for citizens in distress.",
]
catalogue, scores = load_catalogue(), match(clauses)
for row, clause in enumerate(clauses):
    print(clause)
    for action, score in scores.iloc[row].nlargest(3).items():
        print(f"  {action:<6}{score:6.2f}  {catalogue.action(str(action)).text}")
