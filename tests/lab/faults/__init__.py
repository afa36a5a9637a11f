ALL=[]
def by_name(n): raise KeyError(n)
def together(rows, plan):
    from switch import Switch
    return Switch()
