"""A scenario of two hubs, two disasters and one item, small enough to solve in a blink."""

TABLES = {
    "scenario.toml": 'title = "Two hubs"\nquestion = "Where?"\noutcomes = "disasters"\ndisasters_per_year = 2\n',
    "hubs.csv": "hub,name,status,capacity_m3,fixed_usd_year\nNBO,Nairobi,open,900,1000\nMNL,Manila,candidate,900,800\n",
    "items.csv": (
        "item,unit_kg,unit_m3,price_usd,shortage_usd,deprivation_usd_day,lead_time_days\ntent,50,0.3,200,4000,40,60\n"
    ),
    "stock.csv": "hub,item,quantity\nNBO,tent,40\n",
    "sites.csv": "site,region\nlilongwe,Africa\ntacloban,Asia\n",
    "lanes.csv": (
        "hub,site,mode,hours,usd_per_unit,kgco2e_per_unit\n"
        "NBO,lilongwe,road,60,20,4\nNBO,tacloban,air,80,300,700\n"
        "MNL,lilongwe,air,90,320,720\nMNL,tacloban,road,40,15,3\n"
    ),
    "outcomes.csv": "outcome,probability\nflood,0.5\ntyphoon,0.5\n",
    "needs.csv": "outcome,site,item,quantity\nflood,lilongwe,tent,50\ntyphoon,tacloban,tent,60\n",
}
MODEL = 'title = "Cheapest"\nquestion = "What is cheapest?"\n\n[objective]\nminimise = "cost"\n'
