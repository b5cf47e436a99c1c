"""What a community's records show of participation, recognition, influence and belonging, told without naming anybody.

Data flows one way: rows -> `facts` -> formulas -> what may be told -> `Result`s. Nothing here reads a clock: the window
and the policy come in, so the same facts give the same bytes.
"""
